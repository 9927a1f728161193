const PLAIN_TEXT = /("plain_text_key"\s*:\s*")[^"]*/g;

/** The plain texts that were sent or seen: what must not appear in a report. */
export class Secrets {
  #known;

  constructor(...known) {
    this.#known = new Set(known);
  }

  add(secret) {
    if (secret !== '') this.#known.add(secret);
  }

  /** The text without any of them. */
  hide(text) {
    let hidden = text.replace(PLAIN_TEXT, '$1[redacted]');
    for (const secret of this.#known) hidden = hidden.replaceAll(secret, '[redacted]');
    return hidden;
  }
}
