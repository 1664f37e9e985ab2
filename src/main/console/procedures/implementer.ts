/** What the areas of the router are made with: the contract, and what a host adds to each call. */
import { implement } from '@orpc/server';
import type { ConsoleContext } from '#main/console/context.ts';
import { contract } from '#shared/contract.ts';

export const implementer = implement(contract).$context<ConsoleContext>();
