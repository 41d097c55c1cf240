import { Dialog } from '@base-ui/react/dialog';
import type { ReactNode, RefObject } from 'react';
import './Sheet.css';

interface Props {
  readonly title: ReactNode;
  readonly onClose: () => void;
  /** Where the focus is at first; the first button without it. */
  readonly focus?: RefObject<HTMLElement | null>;
  readonly wide?: boolean;
  readonly children: ReactNode;
  readonly buttons?: ReactNode;
}

/** A question or a form over the page. Esc and a click beside it cancel; the focus returns to where it was. */
export const Sheet = ({ title, onClose, focus, wide, children, buttons }: Props) => (
  <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
    <Dialog.Portal>
      <Dialog.Backdrop className="sheet-shade" />
      <Dialog.Popup className="sheet" data-wide={wide} {...(focus && { initialFocus: focus })}>
        <Dialog.Title className="sheet-title">{title}</Dialog.Title>
        <div className="sheet-body">{children}</div>
        {buttons && <div className="sheet-buttons">{buttons}</div>}
      </Dialog.Popup>
    </Dialog.Portal>
  </Dialog.Root>
);
