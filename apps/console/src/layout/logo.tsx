import type { ReactElement } from 'react';
import feather from '../feather.svg';

/** The mark of the product. */
export function Logo({ size = 24 }: { readonly size?: number }): ReactElement {
  return <img className="logo" src={feather} alt="" width={size} height={size} />;
}
