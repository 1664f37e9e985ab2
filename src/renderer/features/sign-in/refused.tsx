import { useEffect } from 'react';
import { theAdmission } from '../../rpc/admission.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from './card.tsx';
import styles from './sign-in.module.css';

/** Says which header field keeps the page out, and which setting mends it. */
export function Refused({ sentence }: { readonly sentence: string }) {
  useEffect(() => {
    document.title = 'Refused · Sluice';
  }, []);
  return (
    <Card title="This page is not let in" testId="refused">
      <p className={styles['sentence']} role="alert">
        {sentence}
      </p>
      <div className={styles['again']}>
        <Button onPress={() => theAdmission.retry()}>Try now</Button>
        <span>It is tried again every 10 seconds.</span>
      </div>
    </Card>
  );
}
