import { Fragment, useState, type ReactElement } from 'react';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { Icon } from '../ui/icon.js';
import { holds, isScope, type Holder, type ScopeResource } from './scopes.js';

/** Chooses scopes by resource, out of what the caller may grant. */
export function ScopePicker({
  holder,
  resources,
  freeText,
  value,
  onChange,
}: {
  readonly holder: Holder;
  readonly resources: readonly ScopeResource[];
  /** Whether scopes that are not in the catalogue can be given. */
  readonly freeText: boolean;
  readonly value: readonly string[];
  readonly onChange: (scopes: readonly string[]) => void;
}): ReactElement {
  const listed = new Set(
    resources.flatMap(({ resource, actions }) => [`${resource}:*`, ...actions.map(({ name }) => name)]),
  );
  const others = value.filter((scope) => !listed.has(scope));
  const toggle = (scope: string): void =>
    onChange(value.includes(scope) ? value.filter((each) => each !== scope) : [...value, scope]);

  const rows = resources.map(({ resource, actions, wildcard, group }, index) => {
    const all = `${resource}:*`;
    const everything = value.includes(all);
    const options = actions.map(({ name, action, description }) => ({
      name,
      label: action,
      description,
      checked: everything || value.includes(name),
      disabled: everything,
      onChange: () => toggle(name),
    }));
    if (wildcard) {
      const others = value.filter((scope) => !scope.startsWith(`${resource}:`));
      options.push({
        name: all,
        label: 'all',
        description: 'All of them, and what is added later',
        checked: everything,
        disabled: false,
        onChange: () => onChange(everything ? others : [...others, all]),
      });
    }
    const heading = headingOf(group);
    return (
      <Fragment key={resource}>
        {heading === '' || group === resources[index - 1]?.group ? null : <h3 className="scope-group">{heading}</h3>}
        <fieldset className="scope-row">
          <legend className="scope-name">
            <code className="hostile">{resource}</code>
          </legend>
          <div className="scope-options">
            {options.map(({ name, label, description, checked, disabled, onChange: change }) => (
              <label key={name} className="check-row">
                <input className="check" type="checkbox" checked={checked} disabled={disabled} onChange={change} />
                <span className="scope-option">
                  <code className="hostile">{label}</code>
                  {description === '' ? null : <span className="muted">{description}</span>}
                </span>
              </label>
            ))}
          </div>
        </fieldset>
      </Fragment>
    );
  });

  return (
    <div className="scopes">
      {freeText ? (
        <FreeScope holder={holder} onAdd={(scope) => (value.includes(scope) ? undefined : toggle(scope))} />
      ) : null}
      {others.length === 0 ? null : (
        <div className="tags">
          {others.map((scope) => (
            <span key={scope} className="chip" data-on="">
              <code className="hostile">{scope}</code>
              <button type="button" aria-label={`Remove ${scope}`} onClick={() => toggle(scope)}>
                <Icon name="close" />
              </button>
            </span>
          ))}
        </div>
      )}
      {rows}
    </div>
  );
}

/** The group of the scopes that the API of this service itself requires says too little beside others. */
function headingOf(group: string): string {
  return group === 'API keys' ? 'To manage keys and this organization' : group;
}

function scopeProblem(holder: Holder, scope: string): string | null {
  if (!isScope(scope)) return 'Write it as resource:action, such as orders:read or orders:*';
  return holds(holder, scope) ? null : 'You cannot grant what the key that signed you in does not have.';
}

function FreeScope({
  holder,
  onAdd,
}: {
  readonly holder: Holder;
  readonly onAdd: (scope: string) => void;
}): ReactElement {
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<string | null>(null);

  const add = (): void => {
    const scope = typed.trim();
    if (scope === '') return;
    const found = scopeProblem(holder, scope);
    setProblem(found);
    if (found !== null) return;
    setTyped('');
    onAdd(scope);
  };

  return (
    <Field
      label="Another scope"
      optional
      error={problem}
      hint="One that your application knows, written resource:action."
    >
      {(control) => (
        <div className="with-button">
          <input
            {...control}
            className="input"
            data-mono=""
            placeholder="orders:read"
            autoComplete="off"
            spellCheck={false}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            onBlur={add}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return;
              event.preventDefault();
              add();
            }}
          />
          <Button icon="plus" onClick={add}>
            Add
          </Button>
        </div>
      )}
    </Field>
  );
}
