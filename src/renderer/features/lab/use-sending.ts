/** One request at a time: sent, cancelled, answered; and what the answers have told of the object. */
import { useRef, useState } from 'react';
import { messageOf } from '#shared/errors.ts';
import { explain, type ExplainedRepresentation, type Explanation } from '#shared/explain.ts';
import type { LabAnswer, LabRequest } from '#shared/lab-model.ts';
import { useLive } from '../../state/live-context.ts';
import { representationOf } from './representation.ts';

export interface Answered {
  readonly request: LabRequest;
  readonly answer: LabAnswer;
  /** From what was known before, or else from the answer itself; absent when neither says how long the object is. */
  readonly explained: Explanation | undefined;
  readonly representation: ExplainedRepresentation | undefined;
  readonly at: number;
}

export interface Sending {
  readonly isSending: boolean;
  readonly last: Answered | undefined;
  /** Why the last request got no answer. */
  readonly failure: string | undefined;
  readonly send: (request: LabRequest) => void;
  readonly cancel: () => void;
  /** What is known of the object at a URL. */
  readonly knownAt: (url: string) => ExplainedRepresentation | undefined;
}

interface Known {
  readonly url: string;
  readonly representation: ExplainedRepresentation;
}

export function useSending(): Sending {
  const { follower } = useLive();
  const [last, setLast] = useState<Answered>();
  const [failure, setFailure] = useState<string>();
  const [known, setKnown] = useState<Known>();
  const [isSending, setSending] = useState(false);
  const controller = useRef<AbortController>(undefined);
  const knownAt = (url: string) => (known?.url === url ? known.representation : undefined);

  const exchange = async (request: LabRequest): Promise<void> => {
    controller.current?.abort();
    const own = new AbortController();
    controller.current = own;
    setSending(true);
    setFailure(undefined);
    const before = knownAt(request.url);
    try {
      const answer = await follower.call((client) => client.lab.send(request, { signal: own.signal }));
      const found = representationOf(answer);
      const representation = before ?? found;
      const asked = { method: request.method, headers: request.fields };
      setLast({
        request,
        answer,
        representation,
        explained:
          representation && request.method !== 'OPTIONS' ? explain(asked, representation) : undefined,
        at: Date.now(),
      });
      if (found) setKnown({ url: request.url, representation: found });
    } catch (error) {
      if (controller.current === own) setFailure(own.signal.aborted ? 'Cancelled.' : messageOf(error));
    } finally {
      if (controller.current === own) setSending(false);
    }
  };

  return {
    isSending,
    last,
    failure,
    send: (request) => void exchange(request),
    cancel: () => controller.current?.abort(),
    knownAt,
  };
}
