/** Style sheets and fonts are imported for their effect; the bundler knows what they are. */
declare module '*.css'
declare module '@fontsource-variable/inter/opsz.css'
declare module '@fontsource-variable/jetbrains-mono'
