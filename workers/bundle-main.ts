import { bundlePath, writeBundle } from './bundle.ts';

await writeBundle(bundlePath());
