/** Whether what somebody types is a repository that the rules allow: said while they type, before a server is asked. */
import { isPattern, parseRepositoryRule, ruleFor } from '#shared/repository-rules.ts';

export type Addable =
  | { readonly kind: 'nothing' }
  /** `https://HOST/PATH`. */
  | { readonly kind: 'repository'; readonly name: string }
  /** Why it cannot be added: a sentence. */
  | { readonly kind: 'wrong'; readonly sentence: string };

/** Reads `text`, with or without `https://` and `.git`, against `rules` as they are configured. */
export function readAddable(text: string, rules: readonly string[]): Addable {
  const written = text.trim().replace(/\/$/, '');
  if (written === '') return { kind: 'nothing' };
  const rule = parseRepositoryRule(/^[a-z]+:\/\//.test(written) ? written : `https://${written}`);
  if (!rule || rule.fetchUrl !== undefined || isPattern(rule)) {
    return { kind: 'wrong', sentence: 'That is no repository: it is written https://HOST/PATH.' };
  }
  const parsed = rules.map(parseRepositoryRule).filter((each) => each !== undefined);
  if (!ruleFor(parsed, rule)) {
    return { kind: 'wrong', sentence: `No rule allows it. Allowed: ${patternsOf(rules).join(', ')}.` };
  }
  return { kind: 'repository', name: `https://${rule.host}/${rule.path}` };
}

/** The rules that allow more than one repository, as people write them. */
export function patternsOf(rules: readonly string[]): readonly string[] {
  return rules.flatMap((text) => {
    const rule = parseRepositoryRule(text);
    return rule && isPattern(rule) ? [`https://${rule.host}/${rule.path}`] : [];
  });
}
