import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import { useMessages } from '../i18n/messages.tsx';
import { classes } from './classes.ts';
import css from './dialog.module.css';
import { IconButton } from './icon-button.tsx';

interface DialogProps {
  readonly title: string;
  readonly text?: string;
  readonly isOpen?: boolean;
  readonly isWide?: boolean;
  /** Without it, only what is in the dialog closes it. */
  readonly onClose?: () => void;
  readonly children?: ReactNode;
  /** Buttons, the one that is meant last. */
  readonly footer?: ReactNode;
}

export function Dialog({ title, text, isOpen = true, isWide = false, onClose, children, footer }: DialogProps) {
  const t = useMessages();
  const popup = useRef<HTMLDivElement>(null);
  // Where something is to be typed, one types at once.
  const first = () => popup.current?.querySelector<HTMLElement>('form input, [data-first]') ?? true;
  return (
    <Base.Root open={isOpen} onOpenChange={(open) => !open && onClose?.()}>
      <Base.Portal>
        <Base.Backdrop className={css.backdrop} />
        <Base.Popup ref={popup} initialFocus={first} className={classes(css.popup, isWide && css.wide)}>
          <div className={css.head}>
            <Base.Title className={css.title}>{title}</Base.Title>
            {onClose === undefined ? null : <IconButton label={t.common.close} icon={<X />} onClick={onClose} />}
          </div>
          {text === undefined ? null : <Base.Description className={css.text}>{text}</Base.Description>}
          {children === undefined ? null : <div className={css.body}>{children}</div>}
          {footer === undefined ? null : <div className={css.footer}>{footer}</div>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
