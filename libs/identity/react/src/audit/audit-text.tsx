import type { ReactElement } from 'react';
import type { AuditPiece } from './audit-sentence.js';

/** The pieces of a sentence; what people wrote stands apart from what the console says. */
export function AuditText({ pieces }: { readonly pieces: readonly AuditPiece[] }): ReactElement {
  return (
    <>
      {pieces.map((piece, index) => (
        <Piece key={index} {...piece} />
      ))}
    </>
  );
}

function Piece({ text, as }: AuditPiece): ReactElement {
  if (as === 'name') return <strong className="hostile audit-name">{text}</strong>;
  if (as === 'value') return <bdi className="hostile audit-value">{text}</bdi>;
  if (as === 'code') return <code className="hostile audit-code">{text}</code>;
  if (as === 'added') return <ins className="hostile audit-code">{text}</ins>;
  if (as === 'removed') return <del className="hostile audit-code">{text}</del>;
  return <>{text}</>;
}
