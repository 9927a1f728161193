import type { ReactElement } from 'react';
import { CopyButton } from '../ui/copy-button.js';

/** A new secret, shown this once. It is kept nowhere but in what renders this. */
export function SecretReveal({
  secret,
  onCopied,
}: {
  readonly secret: string;
  readonly onCopied: () => void;
}): ReactElement {
  return (
    <div className="secret">
      <code translate="no">{secret}</code>
      <CopyButton text={secret} label="Copy key" kind="quiet" autoFocus onCopied={onCopied} />
    </div>
  );
}

/** Commands that can be pasted as they stand. */
export function Snippet({
  code,
  label,
  onCopied,
}: {
  readonly code: string;
  readonly label: string;
  readonly onCopied?: () => void;
}): ReactElement {
  return (
    <div className="snippet">
      <pre tabIndex={0} aria-label={label} translate="no">
        {code}
      </pre>
      <CopyButton
        text={code}
        label={`Copy ${label.toLowerCase()}`}
        kind="quiet"
        size="small"
        iconOnly
        {...(onCopied && { onCopied })}
      />
    </div>
  );
}
