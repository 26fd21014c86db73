/** What a bench measures: the application as users run it, built, with what the scripts say of memory. */
import { buildIfStale } from '../../scripts/build.ts'

/**
 * Builds what is stale, and has the clusters that are started from now on run it. ODRADEK_OUT names
 * another build; an empty ODRADEK_BUNDLE measures the sources.
 */
export async function measureBuilt(): Promise<void> {
  process.env['ODRADEK_BUNDLE'] ??= '1'
  if (process.env['ODRADEK_BUNDLE'] !== '') await buildIfStale()
}
