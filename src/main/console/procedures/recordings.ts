/** The procedures about recordings. */
import { requireOperator, type ConsoleContext } from '#main/console/context.ts';
import { telling } from '#main/console/refusals.ts';
import { presentRecordings, type Recordings } from '#main/recording/recordings.ts';
import { rollingId } from '#shared/recording/model.ts';
import { implementer } from './implementer.ts';

/** @param recordings absent where there are none */
export function recordingProcedures(recordings: Recordings | undefined) {
  const { recordings: routes } = implementer;
  const looking = <T>(work: (present: Recordings) => T | Promise<T>) =>
    telling(() => work(presentRecordings(recordings)));
  const changing = <T>(context: ConsoleContext, work: (present: Recordings) => T | Promise<T>) =>
    telling(() => {
      requireOperator(context);
      return work(presentRecordings(recordings));
    });
  return {
    list: routes.list.handler(() => looking((present) => present.list())),
    state: routes.state.handler(() => looking(({ recorder }) => recorder.state)),
    save: routes.save.handler(({ input, context }) =>
      changing(context, ({ recorder }) => recorder.save(input)),
    ),
    start: routes.start.handler(({ input, context }) =>
      changing(context, ({ recorder }) => recorder.startManual(input)),
    ),
    stop: routes.stop.handler(({ context }) => changing(context, ({ recorder }) => recorder.stopManual())),
    mark: routes.mark.handler(({ input, context }) =>
      changing(context, ({ recorder }) => recorder.mark(input)),
    ),
    marks: routes.marks.handler(({ input }) => looking(({ recorder }) => recorder.recentMarks(input.seen))),
    edit: routes.edit.handler(({ input: { id, ...header }, context }) =>
      changing(context, ({ saved }) => saved.change(id, { header })),
    ),
    editMark: routes.editMark.handler(({ input: { id, mark, note }, context }) =>
      changing(context, ({ saved }) => saved.change(id, { mark: { id: mark, note } })),
    ),
    removeMark: routes.removeMark.handler(({ input: { id, mark }, context }) =>
      changing(context, ({ saved }) => saved.change(id, { mark: { id: mark } })),
    ),
    remove: routes.remove.handler(({ input, context }) =>
      changing(context, async ({ recorder }) => ({ removed: await recorder.remove(input.id) })),
    ),
    open: routes.open.handler(({ input: { id } }) =>
      looking(({ saved, recorder }) => (id === rollingId ? recorder.contents() : saved.contents(id))),
    ),
    read: routes.read.handler(({ input: { id, from } }) =>
      looking(({ saved, recorder }) => (id === rollingId ? recorder.read(from) : saved.read(id, from))),
    ),
  };
}
