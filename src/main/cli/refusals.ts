/** Commander's complaints, bent to Sluice's form: one line that names what was given and what is allowed. */
import { CommanderError, type Command } from 'commander';
import { quoted } from '#main/config/quoted.ts';
import { SluiceError } from '#shared/errors.ts';
import { ValueOption } from './options.ts';

/**
 * Makes `command` throw instead of printing and exiting: a SluiceError INVALID_INPUT for bad input, commander's own
 * error after `--help` and `--version`.
 */
export function refuseInOneLine(command: Command): Command {
  return command
    .showSuggestionAfterError(false)
    .configureOutput({ writeErr: () => undefined })
    .exitOverride((error) => {
      throw error.exitCode === 0
        ? error
        : new SluiceError('INVALID_INPUT', complaint(command, error), { cause: error });
    });
}

/** True for the error that ends `--help` and `--version`. */
export function isDone(error: unknown): boolean {
  return error instanceof CommanderError && error.exitCode === 0;
}

function complaint(command: Command, error: CommanderError): string {
  // The name is the first thing in quotes in commander's message; its arguments are not in the error.
  const given = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  switch (error.code) {
    case 'commander.help':
      return `a command is missing: allowed are ${commandNames(command)}`;
    case 'commander.unknownCommand':
      return `${quoted(given)} is not a command: allowed are ${commandNames(command)}`;
    case 'commander.unknownOption':
      return `${quoted(given).slice(1, -1)} is not an option of "${fullName(command)}": allowed are ${optionNames(command)}`;
    case 'commander.missingArgument':
      return `${given} is missing: allowed is ${synopsis(command)}`;
    case 'commander.excessArguments':
      return `${quoted(firstExcess(command))} is one argument too many: allowed is ${synopsis(command)}`;
    case 'commander.optionMissingArgument':
      return `${longName(given)} needs a value: allowed is ${allowedOf(command, given)}`;
    case 'commander.missingMandatoryOptionValue':
      return `${longName(given)} is missing: allowed is ${allowedOf(command, given)}`;
    default:
      return error.message.replace(/^error: /, '').replaceAll('\n', ' ');
  }
}

function commandNames(command: Command): string {
  return command.commands.map((child) => child.name()).join(', ');
}

function optionNames(command: Command): string {
  return [...command.options.map((option) => option.long ?? option.flags), '--help'].join(', ');
}

function fullName(command: Command): string {
  return command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name();
}

/** `sluice get NAMESPACE KEY [FILE]`. */
function synopsis(command: Command): string {
  const parts = command.registeredArguments.map((argument) =>
    argument.required ? argument.name() : `[${argument.name()}]`,
  );
  return [fullName(command), ...parts].join(' ');
}

function firstExcess(command: Command): string | undefined {
  return command.args[command.registeredArguments.length];
}

/** `--port` of `--port <PORT>`. */
function longName(flags: string): string {
  return /--[a-z0-9-]+/.exec(flags)?.[0] ?? flags;
}

function allowedOf(command: Command, flags: string): string {
  const option = command.options.find((option) => option.flags === flags);
  return option instanceof ValueOption ? option.allowed : flags;
}
