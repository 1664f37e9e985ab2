import type { SettingGroup } from '#shared/config.ts';
import { settings } from '#shared/config.ts';
import { checkDrafts } from './drafts.ts';
import { BudgetPicture } from './budget-picture.tsx';
import { SettingRow } from './setting-row.tsx';
import { useForm } from './settings-context.ts';

/** The settings of one part. Memory and caches share the budget, so both show what it allows. */
export function GroupSection({ group }: { readonly group: SettingGroup }) {
  const { state } = useForm();
  return (
    <>
      {group === 'memory' && <Allowance />}
      {state.settings
        .filter(({ name }) => settings[name].group === group)
        .map((each) => (
          <SettingRow key={each.name} state={each} />
        ))}
    </>
  );
}

function Allowance() {
  const { state, checked, drafts } = useForm();
  const inForce = checkDrafts(
    state.settings.map(({ next: _next, ...now }) => now),
    {},
  );
  const isChanged =
    ['memoryBudgetBytes', 'chunkBytes', 'window', 'maxConnections', 'memoryCacheBytes'].some(
      (name) => name in drafts,
    ) || checked.plan?.budgetBytes !== inForce.plan?.budgetBytes;
  return (
    <BudgetPicture
      inForce={inForce.plan}
      drafted={checked.plan}
      window={isChanged ? checked.window : inForce.window}
      isChanged={isChanged}
    />
  );
}
