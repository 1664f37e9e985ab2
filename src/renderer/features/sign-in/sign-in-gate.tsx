import { type ReactNode, Suspense } from 'react';
import { theAdmission } from '../../rpc/admission.ts';
import { useCommand } from '../../state/commands.ts';
import { useSignal } from '../../state/signal.ts';
import { lazily } from '../../ui/lazily.ts';

/** Loaded for those who are not let in at once. */
const Refused = lazily(async () => (await import('./refused.tsx')).Refused);
const SignIn = lazily(async () => (await import('./sign-in.tsx')).SignIn);

/** Shows the console to whoever the server lets in; to everybody else, what is wanted of them. */
export function SignInGate({ children }: { readonly children: ReactNode }) {
  useSignal(theAdmission.changed);
  const { state } = theAdmission;
  const hasSession = state.kind === 'admitted' && state.by === 'session';
  useCommand('server.signOut', hasSession ? () => void theAdmission.signOut() : undefined);
  if (state.kind === 'signed-out')
    return (
      <Suspense>
        <SignIn problem={state.problem} />
      </Suspense>
    );
  if (state.kind === 'refused')
    return (
      <Suspense>
        <Refused sentence={state.sentence} />
      </Suspense>
    );
  return children;
}
