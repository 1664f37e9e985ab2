import type { ReactNode } from 'react';
import { theAdmission } from '../../rpc/admission.ts';
import { useCommand } from '../../state/commands.ts';
import { useSignal } from '../../state/signal.ts';
import { Refused } from './refused.tsx';
import { SignIn } from './sign-in.tsx';

/** Shows the console to whoever the server lets in; to everybody else, what is wanted of them. */
export function SignInGate({ children }: { readonly children: ReactNode }) {
  useSignal(theAdmission.changed);
  const { state } = theAdmission;
  const hasSession = state.kind === 'admitted' && state.by === 'session';
  useCommand('server.signOut', hasSession ? () => void theAdmission.signOut() : undefined);
  if (state.kind === 'signed-out') return <SignIn problem={state.problem} />;
  if (state.kind === 'refused') return <Refused sentence={state.sentence} />;
  return children;
}
