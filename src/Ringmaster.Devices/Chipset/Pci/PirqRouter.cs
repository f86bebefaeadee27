using Ringmaster.Devices.Apic;
using Ringmaster.Devices.Interrupts;

namespace Ringmaster.Devices.Chipset.Pci;

/// <summary>
/// The wires from PCI interrupt pins to the interrupt controllers: several pins share one, and software chooses the ISA interrupt
/// that it causes. On boards of PCI Express's time each also has an input of the I/O APIC of its own.
/// </summary>
public sealed class PirqRouter
{
    /// <summary>The route that leads nowhere, in bit 7 of a routing register.</summary>
    public const byte Disabled = 0x80;

    // ISA interrupts 0, 1, 2, 8 and 13 are the board's own (ICH9 datasheet, PIRQ[n]_ROUT).
    private const ushort Routable = 0b1101_1110_1111_1000;

    private readonly WiredOr[] _wires;
    private readonly InterruptLine[] _levels;
    private readonly IInterruptLine[][] _isa;
    private readonly IInterruptLine?[] _own;
    private readonly byte[] _routes;

    /// <summary>Creates the router; no route leads anywhere yet.</summary>
    /// <param name="gsis">The board's interrupt wiring.</param>
    /// <param name="count">How many wires there are, 4 or 8.</param>
    /// <param name="firstGsi">The global system interrupt of the first one's own input; null if they have none.</param>
    public PirqRouter(GsiRouter gsis, int count, int? firstGsi)
    {
        ArgumentNullException.ThrowIfNull(gsis);
        _routes = [.. Enumerable.Repeat(Disabled, count)];
        _isa = [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, 16).Select(gsis.ConnectIsa).ToArray())];
        _own = [.. Enumerable.Range(0, count).Select(i => firstGsi is { } first ? gsis.ConnectGsi(first + i) : null)];
        _levels = [.. Enumerable.Range(0, count).Select(i => new InterruptLine(level => Drive(i, level)))];
        _wires = [.. _levels.Select(level => new WiredOr(level))];
    }

    /// <summary>How many wires there are.</summary>
    public int Count => _wires.Length;

    /// <summary>Joins a new pin to a wire.</summary>
    public IInterruptLine Connect(int wire) => _wires[wire].Connect();

    /// <summary>Chooses the ISA interrupt of a wire.</summary>
    /// <param name="wire">Which one.</param>
    /// <param name="route">The routing register: the interrupt in bits 3 to 0, or <see cref="Disabled"/>.</param>
    public void Route(int wire, byte route)
    {
        if (_routes[wire] == route)
            return;
        IsaOf(wire)?.Set(false);
        _routes[wire] = route;
        IsaOf(wire)?.Set(_levels[wire].IsAsserted);
    }

    private void Drive(int wire, bool level)
    {
        _own[wire]?.Set(level);
        IsaOf(wire)?.Set(level);
    }

    private IInterruptLine? IsaOf(int wire)
    {
        var route = _routes[wire];
        return (route & Disabled) == 0 && (Routable >> (route & 0xF) & 1) != 0 ? _isa[wire][route & 0xF] : null;
    }
}
