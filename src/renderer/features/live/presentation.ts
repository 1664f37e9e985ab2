/** How the history rows are shown: drawn, or as the tables that say the same. */
export type Presentation = 'charts' | 'tables';
