/** By which systems know the app, as electron-builder.yml has it. Windows shows messages of the one that its installer told it of. */
export const appId = 'org.holdfast.Holdfast';
