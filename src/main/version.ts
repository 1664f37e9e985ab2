/** The version of Sluice, from package.json; the bundler inlines it. */
import packageJson from '../../package.json' with { type: 'json' };

export const version: string = packageJson.version;
