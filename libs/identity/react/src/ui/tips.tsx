import { useEffect, useRef, type ReactElement } from 'react';

const GAP = 6;
const DELAY_MS = 250;

/**
 * Shows the `data-tip` of whatever is under the pointer or has the focus. One for the page, because a list has a thousand
 * such places.
 */
export function Tips(): ReactElement {
  const ref = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const tip = ref.current;
    if (tip === null) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;

    const hide = (): void => {
      clearTimeout(timer);
      if (tip.matches(':popover-open')) tip.hidePopover();
    };
    const place = (anchor: Element): void => {
      if (!anchor.isConnected) return;
      tip.textContent = anchor.getAttribute('data-tip');
      tip.showPopover();
      const box = anchor.getBoundingClientRect();
      const { width, height } = tip.getBoundingClientRect();
      const left = Math.min(Math.max(GAP, box.left + (box.width - width) / 2), window.innerWidth - width - GAP);
      const above = box.top - height - GAP;
      tip.style.left = `${left}px`;
      tip.style.top = `${above > 0 ? above : box.bottom + GAP}px`;
    };
    const show = (event: Event): void => {
      hide();
      const anchor = event.target instanceof Element ? event.target.closest('[data-tip]') : null;
      if (anchor === null) return;
      if (event.type === 'focusin' && !anchor.matches(':focus-visible')) return;
      timer = setTimeout(() => place(anchor), event.type === 'focusin' ? 0 : DELAY_MS);
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') hide();
    };

    document.addEventListener('pointerover', show);
    document.addEventListener('focusin', show);
    document.addEventListener('focusout', hide);
    document.addEventListener('pointerdown', hide);
    document.addEventListener('scroll', hide, true);
    document.addEventListener('keydown', onKey);
    return () => {
      hide();
      document.removeEventListener('pointerover', show);
      document.removeEventListener('focusin', show);
      document.removeEventListener('focusout', hide);
      document.removeEventListener('pointerdown', hide);
      document.removeEventListener('scroll', hide, true);
      document.removeEventListener('keydown', onKey);
    };
  }, []);

  return <div ref={ref} className="tip" popover="manual" aria-hidden="true" />;
}
