/** A rule that a code breaks: the server's own code for it, the identifier at fault and where, as an offset. */
export class Refused {
  declare readonly code: string;
  declare readonly ai: string | null;
  declare readonly position: number | null;

  constructor(code: string, ai: string | null, position: number | null) {
    this.code = code;
    this.ai = ai;
    this.position = position;
  }

  at(position: number): Refused {
    return new Refused(this.code, this.ai, position);
  }
}
