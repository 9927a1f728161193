export {
  AUDIT_TYPES,
  auditSentence,
  subjectOf,
  valueBefore,
  type AuditEvent,
  type AuditNames,
  type AuditPiece,
  type AuditSentence,
  type ValueBefore,
} from './audit/audit-sentence.js';
export { AuditText } from './audit/audit-text.js';
export { BarChart, ChartLegend, type Bar } from './charts/bar-chart.js';
export { Sparkline, type SparkDay } from './charts/sparkline.js';
export { errorSentence, issueOf, readFailure, RequestFailed } from './errors/error-sentence.js';
export { compactCount, count, counted, share } from './format/numbers.js';
export { countdown, duration, localClock, localDate, localTime, relativeTime, utcTime } from './format/time.js';
export type { ApiKey, ApiKeyDetail } from './keys/api-key.js';
export { EXPIRING_WITHIN_DAYS, stateOf, type KeyLife, type KeyState } from './keys/key-state.js';
export {
  defaultExpiry,
  expiryBounds,
  expiryChoices,
  expiryOf,
  forDateInput,
  type ExpiryBounds,
  type ExpiryChoice,
} from './keys/expiry.js';
export { ExpiryField } from './keys/expiry-field.js';
export { LimitFields, QuotaInput, RateLimitInput } from './keys/limit-fields.js';
export { quotaText, rateLimitText, requestsOf, type Quota, type RateLimit } from './keys/limits.js';
export { isLabel, labelsProblem, splitList } from './keys/notes.js';
export { ScopePicker } from './keys/scope-picker.js';
export { KeyStateBadge } from './keys/key-state-badge.js';
export { readSearch, unwrapped, type SearchText } from './keys/pasted-key.js';
export { grantable, holds, isScope, type Holder, type KnownScope, type ScopeResource } from './keys/scopes.js';
export { SecretReveal, Snippet } from './keys/secret-reveal.js';
export { limitProblems, limitsBody, NO_LIMITS, typedLimits, type TypedLimits } from './keys/typed-limits.js';
export { refusedOf, type Granularity, type KeyUsage, type UsageBucket, type UsageTotals } from './keys/usage-fields.js';
export { Badge, type Tone } from './ui/badge.js';
export { Button, type ButtonKind, type ButtonProps } from './ui/button.js';
export { Countdown, Time, useNow } from './ui/clock.js';
export { CopyButton } from './ui/copy-button.js';
export { Dialog, DialogButtons } from './ui/dialog.js';
export { EmptyState } from './ui/empty-state.js';
export { Field, type ControlProps } from './ui/field.js';
export { Icon, type IconName } from './ui/icon.js';
export { Menu, MenuItem, MenuLink } from './ui/menu.js';
export { Notice } from './ui/notice.js';
export { Segmented } from './ui/segmented.js';
export { Tips } from './ui/tips.js';
export { ToastProvider, useToast, type ShowToast } from './ui/toasts.js';
