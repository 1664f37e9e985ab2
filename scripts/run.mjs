// Runs `main` of scripts/NAME.ts. Plain JavaScript, so that a Node that cannot run TypeScript gets a sentence,
// not a stack.
import { argv, exit, features, stderr, versions } from 'node:process';

const [, , name, ...rest] = argv;

if (!features.typescript) {
  stderr.write(
    `sluice: this is Node ${versions.node}; the scripts need the Node 24 that \`npm ci\` brings. ` +
      `Run \`npm ci\`, and start them with npm.\n`,
  );
  exit(1);
}

const script = await import(`./${name}.ts`);
await script.main(rest);
