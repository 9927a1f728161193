import { Button, Dialog, DialogButtons, errorSentence, Notice, RequestFailed } from '@feather-identity/react';
import { useState, type ReactElement, type ReactNode, type SubmitEvent } from 'react';

/** Asks before something is done, or for what it needs. It stays open while it works, and says what went wrong. */
export function FormDialog({
  title,
  description,
  action,
  danger = false,
  ready = true,
  fields = [],
  onSubmit,
  onClose,
  children,
}: {
  readonly title: string;
  readonly description?: ReactNode;
  /** What the last button says. */
  readonly action: string;
  readonly danger?: boolean;
  /** Whether all that is needed was typed. */
  readonly ready?: boolean;
  /** Fields of the body whose errors `children` shows. */
  readonly fields?: readonly string[];
  readonly onSubmit: () => Promise<void>;
  readonly onClose: () => void;
  readonly children?: (error: unknown) => ReactNode;
}): ReactElement {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (!ready || busy) return;
    setBusy(true);
    setError(null);
    try {
      await onSubmit();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  const isAtField =
    error instanceof RequestFailed &&
    error.issues.length > 0 &&
    error.issues.every(({ loc }) => fields.includes(String(loc[1])));
  return (
    <Dialog title={title} description={description} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <div className="dialog-body">
          {children?.(error)}
          {error === null || isAtField ? null : <Notice tone="bad">{errorSentence(error)}</Notice>}
        </div>
        <DialogButtons onClose={onClose}>
          <Button
            kind={danger ? 'danger' : 'primary'}
            type="submit"
            busy={busy}
            disabled={!ready}
            autoFocus={children === undefined}
          >
            {action}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
