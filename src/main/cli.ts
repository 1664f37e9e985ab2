#!/usr/bin/env node
import { run } from './cli/program.ts';

process.exitCode = await run(process.argv.slice(2));
// A handle that somebody forgot must not keep a finished command alive.
setTimeout(() => process.exit(), 2000).unref();
