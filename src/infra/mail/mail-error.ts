/** A message was not accepted. The text is the server's answer without addresses: it may be logged and shown. */
export class MailError extends Error {
  override readonly name = 'MailError';

  /**
   * @param final true when the same message would be refused again; false when a later try makes sense
   * @param serverDown true when other messages would fail as well
   */
  constructor(
    message: string,
    readonly final: boolean,
    readonly serverDown: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What nodemailer's errors carry besides their text. */
interface SmtpFailure {
  readonly code?: string;
  readonly command?: string;
  readonly responseCode?: number;
  readonly response?: string;
}

/**
 * Reads a failure of nodemailer. Final is a permanent answer (5yz; RFC 5321, 4.2.1) to the recipient or to the
 * message itself. A refused login, a refused sender or a refused connection is for the operator to put right, and
 * the message can be sent after that.
 */
export function mailErrorOf(error: unknown): MailError {
  const { code, command, responseCode, response } = error as SmtpFailure;
  const aboutMessage = command === 'RCPT TO' || command === 'DATA' || code === 'EMESSAGE';
  const final = aboutMessage && responseCode !== undefined && responseCode >= 500 && responseCode < 600;
  const words = response ?? (error instanceof Error ? error.message : String(error));
  return new MailError(`${code ?? 'failed'}: ${withoutAddresses(words)}`.slice(0, 300), final, !aboutMessage);
}

const withoutAddresses = (text: string): string =>
  text.replace(/[^\s<>"'(),;:]+@[^\s<>"'(),;:]+/g, '…').replace(/\s+/g, ' ');
