/** One attempt to hand an event to a hook. */
export interface Delivery {
  readonly id: number;
  readonly hookId: number;
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly repository: string | null;
  /** The installation that an app's delivery is about. */
  readonly installationId?: number | undefined;
  readonly redelivery: boolean;
  readonly deliveredAt: string;
  readonly request: { readonly headers: Readonly<Record<string, string>>; readonly body: string };
  /** `pending`, `OK`, `dropped` (a fault), or why it failed. */
  status: string;
  statusCode: number;
  durationMs: number;
  responseBody: string;
}

/** An event on its way to the hooks that want it. */
export interface Outgoing {
  readonly event: string;
  readonly action: string | null;
  readonly owner: string;
  readonly repo: string | null;
  /** Of what only one app is told: its id. */
  readonly app?: number | undefined;
  readonly body: string;
}
