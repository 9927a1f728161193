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
  switch (as) {
    case undefined:
      return <>{text}</>;
    case 'name':
      return <strong className="hostile audit-name">{text}</strong>;
    case 'value':
      return <bdi className="hostile audit-value">{text}</bdi>;
    case 'code':
      return <code className="hostile audit-code">{text}</code>;
    case 'added':
      return <ins className="hostile audit-code">{text}</ins>;
    case 'removed':
      return <del className="hostile audit-code">{text}</del>;
  }
}
