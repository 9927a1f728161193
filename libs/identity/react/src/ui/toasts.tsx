import { createContext, useCallback, useContext, useMemo, useState, type ReactElement, type ReactNode } from 'react';
import { Button } from './button.js';
import { Icon } from './icon.js';

interface Toast {
  readonly id: number;
  readonly tone: 'good' | 'bad';
  readonly text: string;
}

/** Says that something was done, or failed, where nothing else on the page shows it. */
export type ShowToast = (text: string, tone?: 'good' | 'bad') => void;

const ToastContext = createContext<ShowToast>(() => undefined);

/** Long enough to be read; what failed stays until it is closed. */
const SHOWN_MS = 6000;
let lastId = 0;

/** Shows toasts above everything inside. */
export function ToastProvider({ children }: { readonly children: ReactNode }): ReactElement {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const close = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  const show = useCallback<ShowToast>(
    (text, tone = 'good') => {
      const id = ++lastId;
      setToasts((all) => [...all.slice(-3), { id, tone, text }]);
      if (tone === 'good') setTimeout(() => close(id), SHOWN_MS);
    },
    [close],
  );
  const list = useMemo(
    () =>
      toasts.map(({ id, tone, text }) => (
        <div key={id} className="toast" data-tone={tone}>
          <Icon name={tone === 'good' ? 'check' : 'warning'} />
          <span>{text}</span>
          <Button kind="quiet" size="small" icon="close" aria-label="Close" onClick={() => close(id)} />
        </div>
      )),
    [toasts, close],
  );
  return (
    <ToastContext value={show}>
      {children}
      <div className="toasts" role="status" aria-live="polite">
        {list}
      </div>
    </ToastContext>
  );
}

/** The function that shows a toast. */
export function useToast(): ShowToast {
  return useContext(ToastContext);
}
