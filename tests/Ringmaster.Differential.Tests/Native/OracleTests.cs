namespace Ringmaster.Differential.Tests.Native;

public sealed class OracleTests
{
    [OracleFact]
    public void The_oracle_tells_where_its_own_memory_lies()
    {
        using var oracle = new Oracle(OracleProgram.Build());

        Assert.Contains(oracle.Memory.Mappings.ToArray(), m => oracle.Memory.IsOracleOwn(m.Start));
        Assert.All(AddressSpace.Regions, r => Assert.False(oracle.Memory.IsOracleOwn(r.Address)));
        Assert.False(oracle.Memory.IsOracleOwn(0));
    }
}
