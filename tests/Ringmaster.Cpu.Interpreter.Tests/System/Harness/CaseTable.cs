using System.Collections;

namespace Ringmaster.Cpu.Interpreter.Tests.Privileged.Harness;

/// <summary>A table of cases, and how each is run.</summary>
internal sealed class CaseTable : IEnumerable<PrivilegedCase>
{
    private readonly Dictionary<string, PrivilegedCase> _cases = [];

    public TheoryData<string> Names => new(_cases.Keys);

    public void Add(PrivilegedCase row) => _cases.Add(row.Name, row);

    public void Run(string name)
    {
        var row = _cases[name];
        using var machine = new PrivilegedMachine(row.Mode, row.Intel);
        machine.Assemble(row.Code);
        machine.State.Registers[0] = row.Rax;
        machine.State.Registers[1] = row.Rcx;
        machine.State.Registers[2] = row.Rdx;
        row.Given?.Invoke(machine);

        machine.Execute(row.Steps);

        Assert.Equal(row.Fault, machine.Fault);
        Assert.Equal(row.Error, machine.State.Pending?.ErrorCode);
        if (row.Deliver)
            machine.Execute(1);
        row.Then?.Invoke(machine);
    }

    public IEnumerator<PrivilegedCase> GetEnumerator() => _cases.Values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
