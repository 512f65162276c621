/** The name by which systems know the app, as in electron-builder.yml. Windows shows messages only of an app that its installer has registered. */
export const appId = 'org.holdfast.Holdfast';
