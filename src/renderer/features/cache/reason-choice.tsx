import { evictionReasons } from '#shared/vocabulary/cache.ts';
import { useParam } from '../../state/place.ts';
import section from '../../ui/section.module.css';
import { isReason, reasonWords } from './words.ts';

/** Only what went for one reason. */
export function ReasonChoice() {
  const [reason, setReason] = useParam('why');
  return (
    <select
      className={section['filter']}
      aria-label="Reason"
      value={isReason(reason) ? reason : ''}
      onChange={(event) => setReason(event.target.value === '' ? undefined : event.target.value, 'replace')}
    >
      <option value="">Any reason</option>
      {evictionReasons.map((each) => (
        <option key={each} value={each}>
          {reasonWords(each)}
        </option>
      ))}
    </select>
  );
}
