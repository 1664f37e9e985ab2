/** `token`: who may use the console and the API of a server. Works on its data folder, also while it runs. */
import { Option, type Command } from 'commander';
import { Tokens, type TokenRecord } from '#main/access/tokens.ts';
import { loadConfig } from '#main/config/load.ts';
import { makeFolder } from '#main/object-store/file-durable.ts';
import { roles, type Role } from '#shared/vocabulary/live.ts';
import { SluiceError } from '#shared/errors.ts';
import { badValue, ValueOption } from './options.ts';

interface TokenFlags {
  readonly dataDir?: string;
}

interface AddFlags extends TokenFlags {
  readonly role: Role;
  readonly name?: string;
  readonly json?: true;
}

interface ListFlags extends TokenFlags {
  readonly json?: true;
}

const help = `
A token is shown once, when it is made; the data folder keeps only a hash of it. What is removed is refused at once,
and whoever is signed in with it is signed out.

Examples:
  sluice token add --role viewer --name wall-screen
  sluice token list
  sluice token remove 1a2b3c4d`;

/** Adds the command and its three parts to `program`. */
export function addTokenCommand(program: Command): void {
  const token = program
    .command('token')
    .description('who may use the console and the API of a server')
    .addHelpText('after', help);
  token
    .command('list')
    .description('show the tokens, without what makes them work')
    .option('--json', 'as one JSON array')
    .addOption(dataDirOption())
    .action(list);
  token
    .command('add')
    .description('make a token, and show it this once')
    .addOption(
      new ValueOption<Role>('--role <ROLE>', 'what it allows', roles.join(' or '), (text) =>
        roles.find((role) => role === text),
      ).makeOptionMandatory(),
    )
    .addOption(
      new ValueOption('--name <NAME>', 'what it is for', 'up to 64 printable characters', (text) =>
        /^[^\p{C}]{1,64}$/u.test(text) ? text : undefined,
      ),
    )
    .option('--json', 'as one JSON object')
    .addOption(dataDirOption())
    .action(add);
  token
    .command('remove')
    .description('make a token useless, at once')
    .argument('<ID>', 'as "sluice token list" shows it')
    .addOption(dataDirOption())
    .action(remove);
}

function dataDirOption(): Option {
  return new Option('--data-dir <DIR>', "the server's data folder (SLUICE_DATA_DIR)");
}

async function list({ dataDir, json }: ListFlags): Promise<void> {
  const records = tokensOf(dataDir).tokens.list();
  if (json) {
    const plain = records.map(({ id, role, name, createdAt }) => ({ id, role, name, createdAt }));
    process.stdout.write(`${JSON.stringify(plain)}\n`);
    return;
  }
  process.stdout.write(records.length === 0 ? 'no tokens\n' : records.map(describe).join(''));
}

function describe({ id, role, name, createdAt }: TokenRecord): string {
  const day = new Date(createdAt).toISOString().slice(0, 10);
  return `${id}  ${role.padEnd(8)}  ${day}  ${name ?? ''}`.trimEnd() + '\n';
}

async function add({ dataDir: given, role, name, json }: AddFlags): Promise<void> {
  const { tokens, dataDir } = tokensOf(given);
  await makeFolder(dataDir);
  const { record, token } = await tokens.add(role, name);
  process.stdout.write(json ? `${JSON.stringify({ id: record.id, role, name, token })}\n` : `${token}\n`);
}

async function remove(id: string, { dataDir }: TokenFlags): Promise<void> {
  if (!/^[0-9a-f]{8}$/.test(id)) throw badValue('ID', id, 'what "sluice token list" shows, like 1a2b3c4d');
  if (!(await tokensOf(dataDir).tokens.remove(id)))
    throw new SluiceError('NOT_FOUND', `there is no token ${id}: see "sluice token list"`);
  process.stdout.write(`removed ${id}\n`);
}

function tokensOf(given: string | undefined): { readonly tokens: Tokens; readonly dataDir: string } {
  const flags = given === undefined ? {} : { dataDir: given };
  const { dataDir } = loadConfig({ flags, env: process.env }).config;
  return { tokens: new Tokens(dataDir), dataDir };
}
