/** Something the system needs cannot be had; the message says what, and what to do. */
export class ProvisionError extends Error {
  override readonly name: string = 'ProvisionError';
}
