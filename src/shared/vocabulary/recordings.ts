/** Words and bounds of recordings, which the page has too. */

/** Of the note of a recording, a mark or an incident, in letters. */
export const maxNoteLength = 2000;
export const maxNameLength = 200;
/** Incident bundles that are kept, the newest. */
export const keptBundles = 3;
