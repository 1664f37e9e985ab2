import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { Modal } from './modal.tsx';

interface QuestionProps {
  readonly title: string;
  readonly testId: string;
  readonly onClose: () => void;
  /** What happens, what goes and what stays. */
  readonly children: ReactNode;
  /** The harmless answer, which has the focus; it closes. */
  readonly no: string;
  /** The other, as the verb of the title. Absent: it cannot be done, and the text says why. */
  readonly yes: string | undefined;
  /** `grave`: something is taken away. */
  readonly weight: 'main' | 'grave';
  readonly isDisabled?: boolean;
  readonly onYes: () => void;
  /** `after`: it closes itself when that is done, to say when it could not be. */
  readonly closes?: 'first' | 'after';
  /** A third answer, between them. */
  readonly other?: ReactNode;
  /** The form that Enter submits. */
  readonly form?: string;
}

/** Asked before something is done. */
export function Question(props: QuestionProps) {
  const { title, testId, onClose, children, no, yes, weight, isDisabled, onYes, other, form } = props;
  const { closes = 'first' } = props;
  return (
    <Modal
      title={title}
      testId={testId}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{no}</Button>
          {other}
          {yes !== undefined && (
            <Button
              weight={weight}
              isDisabled={isDisabled}
              form={form}
              onPress={() => {
                if (closes === 'first') onClose();
                onYes();
              }}
            >
              {yes}
            </Button>
          )}
        </>
      }
    >
      {children}
    </Modal>
  );
}
