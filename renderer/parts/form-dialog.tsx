import { type ReactNode, useId } from 'react';
import { useMessages } from '../i18n/messages.tsx';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import css from './form-dialog.module.css';

interface FormDialogProps {
  readonly title: string;
  readonly text: string;
  readonly verb: string;
  readonly isDanger?: boolean;
  readonly isComplete: boolean;
  /** It is too late to change one's mind: nothing closes it. */
  readonly isBusy: boolean;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Asks for something that is typed; Enter is the button that is meant. */
export function FormDialog(props: FormDialogProps) {
  const { title, text, verb, isDanger = false, isComplete, isBusy, onSubmit, onClose, children } = props;
  const t = useMessages();
  const id = useId();
  return (
    <Dialog
      title={title}
      text={text}
      {...(isBusy ? {} : { onClose })}
      footer={
        <>
          <Button disabled={isBusy} onClick={onClose}>
            {t.common.cancel}
          </Button>
          <Button
            type="submit"
            form={id}
            look={isDanger ? 'danger-strong' : 'strong'}
            isBusy={isBusy}
            disabled={!isComplete}
          >
            {verb}
          </Button>
        </>
      }
    >
      <form
        id={id}
        className={css.fields}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (isComplete && !isBusy) onSubmit();
        }}
      >
        {children}
      </form>
    </Dialog>
  );
}
