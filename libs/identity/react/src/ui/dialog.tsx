import { useId, useLayoutEffect, useRef, type ReactElement, type ReactNode } from 'react';
import { Button } from './button.js';

/** A question or form before the page, as the browser does it: the rest is inert, and Escape closes it. */
export function Dialog({
  title,
  description,
  size = 'normal',
  onClose,
  children,
}: {
  readonly title: string;
  readonly description?: ReactNode;
  readonly size?: 'normal' | 'wide';
  readonly onClose: () => void;
  readonly children: ReactNode;
}): ReactElement {
  const id = useId();
  const ref = useRef<HTMLDialogElement>(null);

  useLayoutEffect(() => {
    const dialog = ref.current;
    if (dialog === null) return undefined;
    dialog.showModal();
    // Gives the focus back to what opened it, which it can only while it is in the page.
    return () => dialog.close();
  }, []);

  return (
    <dialog
      ref={ref}
      className="dialog"
      data-size={size}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div className="dialog-head">
        <h2 id={id}>{title}</h2>
        {description === undefined ? null : <p>{description}</p>}
      </div>
      {children}
    </dialog>
  );
}

/** The buttons of a dialog: to leave it, and to do what it is about. */
export function DialogButtons({
  onClose,
  children,
  closeLabel = 'Cancel',
}: {
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly closeLabel?: string;
}): ReactElement {
  return (
    <div className="dialog-foot">
      <Button onClick={onClose}>{closeLabel}</Button>
      {children}
    </div>
  );
}
