namespace Ringmaster.Lab.Tests;

/// <summary>Tests that share a lab host, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class LabCollection : ICollectionFixture<SharedLabHost>
{
    public const string Name = "lab host";
}
