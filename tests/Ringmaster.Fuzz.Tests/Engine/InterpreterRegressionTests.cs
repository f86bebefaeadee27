namespace Ringmaster.Fuzz.Tests.Engine;

public sealed class InterpreterRegressionTests() : EngineRegressionTests("interpreter");
