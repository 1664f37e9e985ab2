import { placeHash } from '../../state/place.ts';
import { Icon } from '../../ui/icons.tsx';
import styles from './rail.module.css';

interface RailProps {
  readonly views: readonly { readonly name: string; readonly title: string; readonly icon: string }[];
  /** The name of the view that is shown. */
  readonly current: string;
}

/** The views, as links: so that they open, go back and are copied like any other. */
export function Rail({ views, current }: RailProps) {
  return (
    <nav className={styles['rail']} aria-label="Views">
      {views.map(({ name, title, icon }) => (
        <a key={name} href={placeHash(name)} aria-current={name === current ? 'page' : undefined}>
          <Icon path={icon} size={20} />
          {title}
        </a>
      ))}
    </nav>
  );
}
