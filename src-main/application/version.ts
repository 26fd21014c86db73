/** The application's version. The bundler puts it in; under Node it is read. */
import packageJson from '../../package.json' with { type: 'json' }

export const version: string = packageJson.version
