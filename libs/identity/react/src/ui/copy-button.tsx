import { useEffect, useState, type ReactElement } from 'react';
import { Button, type ButtonProps } from './button.js';

const SHOWN_MS = 2000;

/** Copies a text, and says so. */
export function CopyButton({
  text,
  label = 'Copy',
  iconOnly = false,
  onCopied,
  ...rest
}: {
  readonly text: string;
  readonly label?: string;
  readonly iconOnly?: boolean;
  readonly onCopied?: () => void;
} & Pick<ButtonProps, 'kind' | 'size' | 'autoFocus'>): ReactElement {
  const [outcome, setOutcome] = useState<'copied' | 'failed' | null>(null);

  useEffect(() => {
    if (outcome === null) return undefined;
    const timer = setTimeout(() => setOutcome(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [outcome]);

  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome('copied');
      onCopied?.();
    } catch {
      // Without the permission, or on a page that is not secure.
      setOutcome('failed');
    }
  };
  const said = outcome === 'copied' ? 'Copied' : outcome === 'failed' ? 'Select and copy it' : label;
  return (
    <Button
      {...rest}
      icon={outcome === 'copied' ? 'check' : 'copy'}
      aria-label={iconOnly ? said : undefined}
      onClick={() => void copy()}
    >
      {iconOnly ? undefined : <span aria-live="polite">{said}</span>}
    </Button>
  );
}
