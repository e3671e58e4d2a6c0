/** The parts of Eleventy that the site uses; Eleventy has no types. */
declare module '@11ty/eleventy' {
  export interface EleventyConfig {
    setQuietMode(quiet: boolean): void;
    setUseGitIgnore(use: boolean): void;
    addGlobalData(name: string, data: unknown): void;
    addTemplate(name: string, content: string, data: object): void;
    addTemplateFormats(extension: string): void;
    addExtension(
      extension: string,
      options: { compile(content: string, file: string): (data: Record<string, unknown>) => string },
    ): void;
  }
  export default class Eleventy {
    constructor(
      input: string,
      output: string,
      options: { quietMode: boolean; configPath: string | null; config(config: EleventyConfig): void },
    );
    disableLogger(): void;
    write(): Promise<unknown>;
  }
}
