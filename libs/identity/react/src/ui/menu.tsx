import { useId, useRef, type KeyboardEvent, type ReactElement, type ReactNode, type ToggleEvent } from 'react';
import { Icon, type IconName } from './icon.js';

const GAP = 6;

/**
 * A button that opens a menu. The browser closes it by Escape or a click elsewhere, and gives the focus back; arrow keys and
 * first letters move in it.
 */
export function Menu({
  trigger,
  label,
  className = 'button',
  children,
}: {
  /** What stands on the button, and is its name. */
  readonly trigger: ReactNode;
  /** What the menu is called. */
  readonly label: string;
  readonly className?: string;
  readonly children: ReactNode;
}): ReactElement {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);

  const items = (): readonly HTMLElement[] => [...(menu.current?.querySelectorAll<HTMLElement>('.menu-item') ?? [])];
  const onToggle = ({ newState }: ToggleEvent<HTMLDivElement>): void => {
    button.current?.setAttribute('aria-expanded', String(newState === 'open'));
    if (newState === 'open') {
      place(menu.current, button.current);
      items()[0]?.focus();
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const all = items();
    const at = all.findIndex((item) => item === document.activeElement);
    const go = (to: number): void => {
      event.preventDefault();
      all[(to + all.length) % all.length]?.focus();
    };
    if (event.key === 'ArrowDown') go(at + 1);
    else if (event.key === 'ArrowUp') go(at - 1);
    else if (event.key === 'Home') go(0);
    else if (event.key === 'End') go(-1);
    else if (event.key === 'Tab') menu.current?.hidePopover();
    else if (event.key.length === 1 && event.key !== ' ') {
      const letter = event.key.toLowerCase();
      const named = [...all.slice(at + 1), ...all].find(({ textContent: text }) =>
        text.trim().toLowerCase().startsWith(letter),
      );
      named?.focus();
    }
  };

  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        popoverTarget={id}
        aria-haspopup="menu"
        aria-expanded={false}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
          event.preventDefault();
          menu.current?.showPopover();
        }}
      >
        {trigger}
      </button>
      <div
        ref={menu}
        id={id}
        className="menu"
        popover="auto"
        role="menu"
        tabIndex={-1}
        aria-label={label}
        onToggle={onToggle}
        onKeyDown={onKeyDown}
        onClick={(event) => {
          if (event.target instanceof Element && event.target.closest('.menu-item') !== null)
            menu.current?.hidePopover();
        }}
      >
        {children}
      </div>
    </>
  );
}

/** Below the button, or above it where there is more room; within the window. */
function place(menu: HTMLElement | null, button: HTMLElement | null): void {
  if (menu === null || button === null) return;
  const anchor = button.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const endsWithButton = anchor.left + anchor.width / 2 > clientWidth / 2;
  const left = endsWithButton ? anchor.right - width : anchor.left;
  const below = anchor.bottom + GAP;
  menu.style.left = `${Math.max(GAP, Math.min(left, clientWidth - width - GAP))}px`;
  menu.style.top = `${below + height > clientHeight && anchor.top > height + GAP ? anchor.top - height - GAP : below}px`;
}

/** Something that a menu does. */
export function MenuItem({
  icon,
  tone,
  onSelect,
  children,
}: {
  readonly icon: IconName;
  readonly tone?: 'bad';
  readonly onSelect: () => void;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <button type="button" className="menu-item" role="menuitem" tabIndex={-1} data-tone={tone} onClick={onSelect}>
      <Icon name={icon} />
      {children}
    </button>
  );
}

/** A link of a menu; with `download` the browser saves what it leads to under this name. */
export function MenuLink({
  href,
  download,
  children,
}: {
  readonly href: string;
  readonly download?: string;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <a className="menu-item" role="menuitem" tabIndex={-1} href={href} download={download}>
      {children}
    </a>
  );
}
