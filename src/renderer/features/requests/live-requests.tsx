import { go, usePlace } from '../../state/place.ts';
import { RequestsPanel } from './panel.tsx';

/** The requests below the Live view: opening one leads to the Requests view, with the same filter and time. */
export function LiveRequests() {
  const { params } = usePlace();
  return (
    <RequestsPanel place="live" onOpen={({ seq }) => go({ view: 'requests', subject: `${seq}`, params })} />
  );
}
