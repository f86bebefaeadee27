namespace Ringmaster.Fuzz.Tests.Engine;

public sealed class TranslatorRegressionTests() : EngineRegressionTests("translator");
