import type { LucideIcon } from 'lucide-react';
import { placeHash } from '../../state/place.ts';
import styles from './rail.module.css';

interface RailProps {
  readonly views: readonly { readonly name: string; readonly title: string; readonly icon: LucideIcon }[];
  /** The name of the view that is shown. */
  readonly current: string;
}

/** The views, as links: so that they open, go back and are copied like any other. */
export function Rail({ views, current }: RailProps) {
  return (
    <nav className={styles['rail']} aria-label="Views">
      {views.map(({ name, title, icon: Icon }) => (
        <a key={name} href={placeHash(name)} aria-current={name === current ? 'page' : undefined}>
          <Icon size={20} strokeWidth={1.75} aria-hidden="true" />
          {title}
        </a>
      ))}
    </nav>
  );
}
