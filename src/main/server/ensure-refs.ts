/**
 * `ensure-refs`: whether the mirror has the refs and commits that a client wants; the upstream is asked when something
 * is missing. It begins work and so is a POST, but changes nothing that anybody could read elsewhere: open to every
 * client that may read, and closed to web pages of others.
 */
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { allowedRefName, isRefName } from '#main/http/ref-name.ts';
import { isCommitId } from '#main/snapshots/freshen.ts';
import { checkOrigin } from './access.ts';
import { checkAllowed, type GitRequest } from './git-request.ts';
import { readJson } from './json-body.ts';

/** Of refs, and of commits. */
const maxWanted = 500;

const allowedCommit = 'allowed is a commit id of 40 or 64 lower-case hex digits';
const tooMany = `allowed are at most ${maxWanted}`;

const commit = z.string(allowedCommit).refine(isCommitId, allowedCommit);
const expected = z
  .string(`${allowedCommit}, or an empty text`)
  .refine((text) => text === '' || isCommitId(text), `${allowedCommit}, or an empty text`);

const refs = z
  .record(z.string(), expected, 'allowed is an object of ref names')
  .superRefine((all, context) => {
    const names = Object.keys(all);
    if (names.length > maxWanted) context.addIssue({ code: 'custom', message: tooMany });
    for (const name of names.filter((name) => !isRefName(name)))
      context.addIssue({ code: 'custom', path: [name], message: `allowed is ${allowedRefName}` });
  });

/** Go writes an empty list as null. */
const wantedSchema = z.object(
  {
    refs: refs.nullish(),
    commits: z.array(commit, 'allowed is a list of commit ids').max(maxWanted, tooMany).nullish(),
  },
  'allowed is {"refs":{"refs/heads/main":""},"commits":["…"]}',
);

export async function ensureRefs(asked: GitRequest): Promise<FastifyReply> {
  const { services, repository, request, reply, exchange } = asked;
  exchange.target = `${repository.host}/${repository.path} refs`;
  checkOrigin(request, services.outside);
  checkAllowed(services, repository);
  const wanted = await readJson(request, wantedSchema);
  const found = await services.repositories.ensureRefs(
    repository,
    { refs: wanted.refs ?? {}, commits: wanted.commits ?? [] },
    exchange.signal,
  );
  const { missingCommits, fetched } = found;
  return reply.send({ refs: found.refs, missing_commits: missingCommits, fetched });
}
